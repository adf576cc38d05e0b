"""Image files as people's devices make them."""

from io import BytesIO

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo

SECRETS = (b"Exif", b"SecretCam", b"An Peeters", b"Heidestraat", b"ICC_PROFILE", b"secret profile", b"http://ns.adobe")


def jpeg(width: int = 640, height: int = 480, colour: str = "orange") -> bytes:
    return written(Image.new("RGB", (width, height), colour), "JPEG")


def written(image: Image.Image, form: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def from_a_telephone() -> bytes:
    """Held upright: red above and blue below, kept lying on its side, with all that a telephone tells about it."""
    image = Image.new("RGB", (800, 600), "red")
    image.paste("blue", (400, 0, 800, 600))
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    exif[Base.Make] = "SecretCam"
    exif[Base.Artist] = "An Peeters"
    exif[Base.ImageDescription] = "Heidestraat 7"
    exif.get_ifd(IFD.GPSInfo).update({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (50.0, 57.0, 54.0)})
    return written(
        image,
        "JPEG",
        exif=exif,
        comment=b"An Peeters, Heidestraat 7",
        icc_profile=b"secret profile" * 20,
        xmp=b"<x:xmpmeta>An Peeters</x:xmpmeta>",
    )


def screenshot() -> bytes:
    """Half transparent, with words beside its pixels."""
    words = PngInfo()
    words.add_text("Author", "An Peeters")
    words.add_itxt("Location", "Heidestraat 7")
    return written(Image.new("RGBA", (400, 300), (255, 0, 0, 0)), "PNG", pnginfo=words)
