"""Flask without the domain: pages, guards, forms, languages, headers, errors, PWA."""
