"""Speech: sound from the line becomes one Heard; engines, grammars and models stay behind small interfaces.

Frames of 20 ms are the clock; nothing here opens a socket to a telephone or looks at a watch.
"""
