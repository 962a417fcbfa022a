"""The plumbing under the pages: server, limits, cookies, rendering."""
