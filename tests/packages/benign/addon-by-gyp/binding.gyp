{
  'conditions': [
    ['OS=="win"', { 'variables': { 'with_jpeg%': 'false' } },
     { 'variables': { 'with_jpeg%': '<!(node ./util/has_lib.js jpeg)' } }],
  ],
  'targets': [
    {
      'target_name': 'canvas',
      'sources': ['<!@(ls -1 src/*.cc)'],
      'include_dirs': ["<!(node -p \"require('node-addon-api').include_dir\")", '<!@(pkg-config cairo --cflags-only-I | sed s/-I//g)'],
      'libraries': ['<!@(pkg-config pixman-1 --libs)'],
      'actions': [
        { 'action_name': 'tables', 'inputs': ['src/tables.py'], 'outputs': ['src/tables.h'], 'action': ['python3', 'src/tables.py', '<@(_outputs)'] },
      ],
    },
  ],
}
