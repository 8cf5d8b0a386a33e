"""Images: what a file holds, what of it is published, and in which sizes. Bytes in, bytes out."""
