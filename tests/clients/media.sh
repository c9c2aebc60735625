#!/usr/bin/env bash
# Makes what the vendors' suites upload, by the names and sizes they know, in the folder that is given: it is not in their packages.
set -euo pipefail

folder=${1:?usage: media.sh FOLDER}
whole_bytes=10546620
part_bytes=5242880

# film SECONDS RATE FILE: noise over a test picture, so that a film is as large as it is said to be.
film() {
  ffmpeg -nostdin -hide_banner -loglevel error -y \
    -f lavfi -i "testsrc2=size=640x360:rate=25:duration=$1,noise=alls=40:allf=t" -f lavfi -i "sine=frequency=330:duration=$1" \
    -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -b:v "$2" -maxrate "$2" -bufsize "$2" \
    -c:a aac -b:a 96k -movflags +faststart "$3"
}

# pad FILE BYTES: fills a film up to its size with an MP4 box that says it is empty.
pad() {
  local left=$(($2 - $(stat -c %s "$1")))
  [ "$left" -ge 8 ] || { echo "$1 is too large by $((8 - left)) bytes" >&2; exit 1; }
  # shellcheck disable=SC2059 # the size is four bytes, spelled in octal
  printf "$(printf '\\%03o' $((left >> 24)) $((left >> 16 & 255)) $((left >> 8 & 255)) $((left & 255)))free" >>"$1"
  truncate -s "$2" "$1"
}

[ ! -e "$folder/done" ] || exit 0
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"

film 10 7500k 10m.mp4
pad 10m.mp4 "$whole_bytes"
split -b "$part_bytes" -a 1 10m.mp4 10m.mp4.part.
film 2 1200k 558k.mp4
pad 558k.mp4 $((558 * 1024))
ffmpeg -nostdin -hide_banner -loglevel error -f lavfi -i testsrc2=size=640x360 -frames:v 1 test.jpg
ffmpeg -nostdin -hide_banner -loglevel error -f lavfi -i testsrc2=size=100x60 -frames:v 1 test.png
printf 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n\n00:01.000 --> 00:02.000\nGoodbye.\n' >en.vtt
touch done
