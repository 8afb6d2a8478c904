"""Where things stand on a page: printed lines to paragraphs and tables, page numbers aside."""
