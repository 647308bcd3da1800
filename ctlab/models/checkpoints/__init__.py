"""From a folder or a hub id to weights: found, identified, loaded exactly or refused by name."""
