"""The pages of the site: policy and document sources in, plain Markdown pages and data files out."""
