"""The document engine: a source folder and data in, one document tree, PDF, DOCX and Word templates out.

It knows no policy, no institution and no document by name.
"""
