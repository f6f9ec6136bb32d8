"""The demonstration: a data folder filled once, the processes of the Procfile, and one whole call to read."""
