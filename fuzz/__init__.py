"""What tries the service with generated input for as long as one likes; no part of `make test`."""
