"""HTTP: with Login with Amazon and with the Selling Partner API."""
