package dev.fanfare.ssh;

import dev.fanfare.protocol.ByteSizes;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Consumer;

/** Sends to a far machine what it lacks, in one tar stream; what it has is not sent again. */
final class Sending {
  private final SshTarget target;
  private final FarMachine machine;
  private final WorkerFiles files;
  private final JavaRuntime runtime;

  Sending(SshTarget target, FarMachine machine, WorkerFiles files, JavaRuntime runtime) {
    this.target = target;
    this.machine = machine;
    this.files = files;
    this.runtime = runtime;
  }

  /** Sends, and returns the far {@code java} to use. */
  String send(Consumer<String> say) {
    boolean java = machine.java().isEmpty() && !machine.runtime();
    if (java) {
      requireSameSystem();
      say.accept(target.host() + " has no Java 25 or newer: making a runtime for it");
      runtime.make(target);
    }
    if (java || !machine.dist()) {
      transfer(java, say);
    } else {
      say.accept(target.host() + " has everything, nothing is sent");
    }
    return machine.java().orElse(machine.folder() + "/java-" + runtime.id() + "/bin/java");
  }

  private void requireSameSystem() {
    if (!machine.system().equals(JavaRuntime.system()) || machine.musl()) {
      throw SshException.because(
          target,
          "it has no Java 25 or newer, and one made here for "
              + JavaRuntime.system()
              + " does not run on its "
              + machine.system()
              + (machine.musl() ? " with musl" : "")
              + ": install a JDK there, or name one with --ssh-java");
    }
  }

  private void transfer(boolean java, Consumer<String> say) {
    String fresh = ".new-" + UUID.randomUUID();
    String command =
        "exec sh -c 'umask 077; { cd "
            + machine.folder()
            + " && mkdir "
            + fresh
            + " && cd "
            + fresh
            + " && tar xf - && sh ./install; } || { rm -rf "
            + machine.folder()
            + "/"
            + fresh
            + "; exit 1; }'";
    try (var call = SshCall.start(target, command, line -> {})) {
      try (var tar = new Tar(call.in())) {
        fill(tar, java);
        say.accept(
            "sent "
                + tar.files()
                + (tar.files() == 1 ? " file, " : " files, ")
                + ByteSizes.format(tar.bytes())
                + ", to "
                + target.host()
                + ":"
                + machine.folder());
      } catch (IOException e) {
        throw call.failure(call.await(), "sending files");
      }
      call.finish("sending files");
    }
  }

  private void fill(Tar tar, boolean java) throws IOException {
    tar.text("install", install(java));
    for (var jar : files.content().entrySet()) {
      if (!machine.hashes().contains(jar.getKey())) {
        tar.file("jars/" + jar.getKey(), jar.getValue());
      }
    }
    if (java) {
      tar.folder("java", runtime.folder());
    }
  }

  /** Whole files come to their places, and a folder only once all of it is there. */
  private String install(boolean java) {
    var script = new StringBuilder("set -e\n[ ! -d jars ] || mv jars/* ../jars/\n");
    script.append("mkdir -p dist/lib dist/runtime-lib\n");
    files
        .jars()
        .forEach(
            (place, hash) ->
                script
                    .append("ln ../jars/")
                    .append(hash)
                    .append(" dist/")
                    .append(place)
                    .append(" 2>/dev/null || cp ../jars/")
                    .append(hash)
                    .append(" dist/")
                    .append(place)
                    .append('\n'));
    script.append(moved("dist", "../dist-" + files.id()));
    if (java) {
      script.append(moved("java", "../java-" + runtime.id()));
    }
    return script.append("cd ..\nrm -rf \"$OLDPWD\"\n").toString();
  }

  private static String moved(String from, String to) {
    return "[ -d " + to + " ] || mv " + from + " " + to + "\n";
  }
}
