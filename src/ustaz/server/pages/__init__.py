"""The HTML pages: each reads a request and fills a template from a view."""
