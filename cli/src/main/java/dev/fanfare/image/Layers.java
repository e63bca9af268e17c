package dev.fanfare.image;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import dev.fanfare.container.RevisionImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The layers of images, what changes least first. Every file has the same time, so that the same
 * input makes the same digest.
 */
final class Layers {
  /** Who runs in an image: nobody of the machine's own. */
  static final String USER = "10001";

  static final String JAVA = "/opt/java";
  static final String HOME = "/opt/fanfare";
  static final String DATA = "/data";
  static final String SECRETS = "/secrets";

  private static final FilePermissions EXECUTABLE = FilePermissions.fromOctalString("755");
  private static final FilePermissions PLAIN = FilePermissions.fromOctalString("644");
  private static final FilePermissions OWNERS = FilePermissions.fromOctalString("700");
  private static final FilePermissions EVERYBODYS = FilePermissions.fromOctalString("777");

  private Layers() {}

  static FileEntriesLayer java(LinkedJava java) throws IOException {
    return FileEntriesLayer.builder()
        .setName("java")
        .addEntryRecursive(
            java.folder(),
            AbsoluteUnixPath.get(JAVA),
            (file, at) -> Files.isExecutable(file) ? EXECUTABLE : PLAIN)
        .build();
  }

  static FileEntriesLayer system(CLibraries libraries) throws IOException {
    var layer = FileEntriesLayer.builder().setName("c libraries");
    for (Path file : libraries.files()) {
      layer.addEntry(
          file.toRealPath(), AbsoluteUnixPath.get(file.normalize().toString()), EXECUTABLE);
    }
    return layer.build();
  }

  /** The unprivileged user, its folder for data, and names of hosts from files, then DNS. */
  static FileEntriesLayer user(Path temporary) throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    return FileEntriesLayer.builder()
        .setName("user")
        .addEntry(
            file(
                temporary,
                "passwd",
                "root:x:0:0:root:/:/sbin/nologin\nfanfare:x:10001:10001::/data:/sbin/nologin\n"),
            AbsoluteUnixPath.get("/etc/passwd"))
        .addEntry(
            file(temporary, "group", "root:x:0:\nfanfare:x:10001:\n"),
            AbsoluteUnixPath.get("/etc/group"))
        .addEntry(
            file(temporary, "nsswitch.conf", "hosts: files dns\n"),
            AbsoluteUnixPath.get("/etc/nsswitch.conf"))
        .addEntry(empty, AbsoluteUnixPath.get("/tmp"), EVERYBODYS)
        .build();
  }

  /** The folders that volumes are mounted at: a new volume takes over whose they are. */
  static FileEntriesLayer data(Path temporary) throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("volume"));
    var layer = FileEntriesLayer.builder().setName("data");
    for (String folder : List.of(DATA, SECRETS)) {
      layer.addEntry(
          empty, AbsoluteUnixPath.get(folder), OWNERS, Instant.ofEpochSecond(1), USER + ":" + USER);
    }
    return layer.build();
  }

  /** A function's code, as its runtime finds it. */
  static FileEntriesLayer revision(Path manifest, Path artifact) {
    return FileEntriesLayer.builder()
        .setName("function")
        .addEntry(manifest, AbsoluteUnixPath.get(RevisionImages.MANIFEST), PLAIN)
        .addEntry(artifact, AbsoluteUnixPath.get(RevisionImages.ARTIFACT), PLAIN)
        .build();
  }

  /** Files of the distribution, where they are in it. */
  static FileEntriesLayer distribution(String name, Path home, List<Path> files) {
    var layer = FileEntriesLayer.builder().setName(name);
    for (Path file : files) {
      layer.addEntry(file, AbsoluteUnixPath.get(HOME).resolve(home.relativize(file)), PLAIN);
    }
    return layer.build();
  }

  private static Path file(Path folder, String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
