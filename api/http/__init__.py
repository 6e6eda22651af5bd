"""What every address shares: errors as problems, tags, pages, strict requests, the OpenAPI document, logs and figures."""
