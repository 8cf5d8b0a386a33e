"""An image file told by what it holds, whatever it is called."""

from cnddigest.errors import BadPicture
from cnddigest.picture import avif, gif, jpeg, png, webp
from cnddigest.picture.model import LARGEST_FILE, Picture

HEAD = 4096  # bytes in which a drawing says that it is one


def read(data: bytes) -> Picture:
    """Return the image in a file; BadPicture says why there is none that could be shown."""
    if len(data) > LARGEST_FILE:
        raise BadPicture(f"image is larger than {LARGEST_FILE >> 20} MiB")
    if data.startswith(png.SIGNATURE):
        return png.read(data)
    if data.startswith(jpeg.SIGNATURE):
        return jpeg.read(data)
    if data.startswith(gif.SIGNATURES):
        return gif.read(data)
    if data.startswith(webp.SIGNATURE) and data[8:12] == webp.NAME:
        return webp.read(data)
    if avif.is_avif(data):
        return avif.read(data)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" in data[:HEAD]:
        raise BadPicture("image is a drawing that may hold scripts, save it as PNG")
    raise BadPicture("file is no PNG, JPEG, GIF, WebP or AVIF image")
