"""How a Part looks: pages, Issues and Entries as text. Pure."""
