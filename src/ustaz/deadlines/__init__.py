"""When a workbook is due, and extensions."""
