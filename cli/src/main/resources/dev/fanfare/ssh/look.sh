# Tells what is there: runs on the far machine, on the standard input of sh.
# Before it come: mark, wanted_folder, wanted_java, hashes, dist, runtime.
say() { printf '%s %s\n' "$mark" "$*"; }
problem() { say problem "$*"; say end; exit 0; }

for tool in uname mkdir mv ln rm tar; do
  command -v "$tool" >/dev/null 2>&1 || problem "it has no '$tool', which is needed there besides sh"
done

folder=${wanted_folder:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/fanfare}
case $folder in
  /*) ;;
  "~/"*) folder=${HOME:-$PWD}/${folder#"~/"} ;;
  *) folder=${HOME:-$PWD}/$folder ;;
esac
case $folder in
  *[!A-Za-z0-9/._+@%:,=~-]*) problem "its folder '$folder' has characters that cannot be used: choose another with --ssh-folder" ;;
esac
umask 077
mkdir -p "$folder/jars" 2>/dev/null && (: >"$folder/.write") 2>/dev/null ||
  problem "its folder $folder cannot be written: choose another with --ssh-folder"
rm -f "$folder/.write"
say folder "$folder"
say machine "$(uname -s)" "$(uname -m)"
for musl in /lib/ld-musl-*; do
  [ -e "$musl" ] && say musl
done

# Reads the release file rather than start a JVM.
fits() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=*)
        version=${line#JAVA_VERSION=\"}
        version=${version%%[!0-9]*}
        [ "${version:-0}" -ge 25 ] && return 0
        ;;
    esac
  done <"$1/release"
  return 1
}

if [ "$wanted_java" = send ]; then
  :
elif [ -n "$wanted_java" ]; then
  [ -x "$wanted_java" ] || problem "it has no executable $wanted_java, as --ssh-java says"
  say java "$wanted_java"
else
  on_path=$(command -v java 2>/dev/null)
  while [ -L "$on_path" ]; do
    link=$(readlink "$on_path" 2>/dev/null) || break
    case $link in
      /*) on_path=$link ;;
      *) on_path=${on_path%/*}/$link ;;
    esac
  done
  on_path=${on_path%/*}
  for home in "$JAVA_HOME" "${on_path%/*}" /usr/lib/jvm/* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* /opt/*; do
    if fits "$home"; then
      say java "$home/bin/java"
      break
    fi
  done
fi

[ -d "$folder/dist-$dist" ] && say dist
[ -x "$folder/java-$runtime/bin/java" ] && say runtime
for hash in $hashes; do
  [ -f "$folder/jars/$hash" ] && say have "$hash"
done
say end
