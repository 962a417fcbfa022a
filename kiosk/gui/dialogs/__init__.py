"""Windows that ask for something: settings, imports, exports, accounts, slips, passwords."""
