"""The carrier's side: webhooks and TwiML. Nothing outside this folder knows how a telephone network speaks."""
