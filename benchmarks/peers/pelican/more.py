"""A plug-in that writes the Part page and the Issue of each article beside its own page."""

from pelican import signals


def write_more(generator, writer):
    for article in generator.articles:
        for name in ("part.html", "issue.html", "issue.txt"):
            template = generator.get_template("text" if name.endswith("txt") else "article")
            writer.write_file(f"{article.slug}/{name}", template, generator.context, article=article)


def register():
    signals.article_writer_finalized.connect(write_more)
