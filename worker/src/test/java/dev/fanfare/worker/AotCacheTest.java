package dev.fanfare.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.process.AotCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class AotCacheTest {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @TempDir Path folder;

  private boolean make(Path java) throws Exception {
    return AotCache.make(java, RuntimeLib.classPath(), folder);
  }

  private List<Path> caches() throws Exception {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".aot")).sorted().toList();
    }
  }

  @Test
  void aCacheIsMadeOnceAndReplacesOnlyThoseOfItsKind() throws Exception {
    Files.writeString(folder.resolve("runtime-0123.aot"), "of an earlier class path");
    Path others = Files.writeString(folder.resolve("platform-0123.aot"), "not of a runtime");
    assertThat(make(JAVA)).isTrue();
    assertThat(caches()).hasSize(2).contains(others);
    var before = caches();
    assertThat(make(JAVA)).isTrue();
    assertThat(caches()).isEqualTo(before);
  }

  @Test
  void aJavaThatCannotTrainMakesNone() throws Exception {
    assertThat(make(Path.of("/bin/true").toRealPath())).isFalse();
    assertThat(caches()).isEmpty();
    assertThat(folder.resolve("training")).isEmptyDirectory();
  }
}
