"""In phiếu: a sheet per class with a code per person."""
