"""One Issue on its way to one Subscriber: values in, bytes and decisions out."""
