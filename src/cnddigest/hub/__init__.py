"""Who is told that a feed changed: hubs by us, and readers by us as their hub (WebSub). Pure."""
