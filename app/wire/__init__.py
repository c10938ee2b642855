"""The contract between kiosk and hub: messages, client, request signatures."""
