package dev.fanfare.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.fanfare.frame.FrameCodec;
import dev.fanfare.function.Fn;
import dev.fanfare.runtime.RuntimeMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The class path of child JVMs in tests: the jars of this one, and jars made of its class folders.
 */
final class RuntimeLib {
  private static final List<Class<?>> ONE_OF_EACH =
      List.of(
          RuntimeMain.class,
          FrameCodec.class,
          Fn.class,
          JsonMapper.class,
          JsonFactory.class,
          JsonInclude.class,
          CBORFactory.class,
          Jdk8Module.class,
          JavaTimeModule.class,
          Nullable.class);
  private static final List<Path> PATH = make();

  private static final Path AOT_CACHES = PATH.getFirst().resolveSibling("aot");

  private RuntimeLib() {}

  /** Where the tests of one run share an AOT cache, once one of them has made it. */
  static Path aotCaches() {
    return AOT_CACHES;
  }

  static List<Path> classPath() {
    return PATH;
  }

  private static List<Path> make() {
    try {
      var path = new ArrayList<Path>();
      Path made = Files.createTempDirectory("runtime-lib");
      for (Class<?> type : ONE_OF_EACH) {
        Path source = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        path.add(
            Files.isDirectory(source) ? jar(source, made.resolve(path.size() + ".jar")) : source);
      }
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path jar(Path folder, Path jar) throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, zip);
      }
    }
    return jar;
  }
}
