{
  "targets": [
    {
      "target_name": "fast_sum",
      "sources": ["src/fast_sum.cc"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_DISABLE_CPP_EXCEPTIONS"]
    }
  ]
}
