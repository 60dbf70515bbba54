"""
Autofill: a brief's values from a text, or from the page at an address that the user gives.

Only what stands there is taken, each value with its source; nothing goes over an entry of the user's own.
"""
