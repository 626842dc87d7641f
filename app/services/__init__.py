"""One function per use case: takes a connection and plain values, knows neither HTTP nor pydantic."""
