package dev.fanfare.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fanfare.protocol.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SourceCompilerTest {
  private final SourceCompiler compiler = SourceCompiler.ofThisJava();

  @Test
  void theFirstClassOfTheFileIsTheMainOne() throws Exception {
    var plain = compiler.compile("A.java", "class Zed { void main() {} }\nclass Ay {}");
    assertThat(plain.mainClass()).isEqualTo("Zed");
    assertThat(plain.classes()).containsOnlyKeys("Zed", "Ay");
    assertThat(compiler.compile("A.java", "package a.b;\npublic class A {}").mainClass())
        .isEqualTo("a.b.A");
    assertThat(compiler.compile("Note.java", "void main() { IO.println(1); }").mainClass())
        .isEqualTo("Note");
  }

  @Test
  void aFileWithoutAClassMayHaveAMainThatTakesAChannelAlone() throws Exception {
    String channel = "import dev.fanfare.function.Channel;\n";
    var talk = compiler.compile("Talk.java", channel + "void main(Channel<String, Long> c) {}");
    assertThat(talk.mainClass()).isEqualTo("Talk");
    assertThatThrownBy(
            () -> compiler.compile("Talk.java", channel + "void main(Channel<A, B> c) {}"))
        .isInstanceOf(Uncompiled.class)
        .hasMessageContaining("Talk.java:2:19: error");
  }

  @Test
  void everyErrorHasFileLineAndColumnAndShowsTheLine() {
    var wrong =
        catchThrowableOfType(
            Uncompiled.class,
            () ->
                compiler.compile(
                    "Script.java", "void main() {\n\tint x = \"one\";\n  unknown();\n}\n"));
    assertThat(wrong.fault().type()).isEqualTo("compile-error");
    assertThat(wrong.fault().status()).isEqualTo(422);
    assertThat(wrong.fault().message())
        .contains("Script.java:2:17: error")
        .contains("\n            int x = \"one\";\n" + " ".repeat(20) + "^")
        .contains("error: incompatible types: java.lang.String cannot be converted to int")
        .contains("Script.java:3:3: error: cannot find symbol")
        .contains("\n      unknown();\n      ^");
  }

  @Test
  void aJavaWithoutACompilerIsToldOf() {
    assertThatThrownBy(() -> SourceCompiler.none().compile("A.java", "void main() {}"))
        .isInstanceOf(Uncompiled.class)
        .hasMessageContaining("has no compiler")
        .hasMessageContaining("install a JDK");
  }

  @Test
  void anEmptyFileIsToldOf() {
    assertThatThrownBy(() -> compiler.compile("A.java", "// nothing\n"))
        .isInstanceOf(Uncompiled.class)
        .hasMessageStartingWith("A.java");
  }

  @Test
  void whatWasCompiledOnceNeedsNoCompiler(@TempDir Path folder) throws Exception {
    String text = "void main() {}";
    Sha256 hash = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    Path made = new CompiledSources(folder, compiler).jar(hash, "A.java", text);

    assertThat(new CompiledSources(folder, SourceCompiler.none()).jar(hash, "A.java", text))
        .isEqualTo(made);
    assertThatThrownBy(
            () -> new CompiledSources(folder, SourceCompiler.none()).jar(hash, "B.java", text))
        .isInstanceOf(Uncompiled.class);
  }

  @Test
  void mainIsFoundAsJavaFindsIt() throws Throwable {
    List<String> called = new ArrayList<>();
    Mains.heard = called;
    for (Class<?> type : List.of(Mains.Both.class, Mains.Instance.class, Mains.Heir.class)) {
      MainMethod.of(type, "Mains.java").call(type, new String[] {"a", "b"});
    }
    assertThat(called).containsExactly("both [a, b]", "instance", "instance");
    assertThatThrownBy(() -> MainMethod.of(Mains.None.class, "Mains.java"))
        .hasMessageContaining("Mains.java")
        .hasMessageContaining("no main method");
  }

  @Test
  void noMoreThanTheBoundIsKept(@TempDir Path folder) throws Exception {
    for (int i = 0; i < CompiledSources.MOST + 20; i++) {
      Files.writeString(folder.resolve("old-" + i), "");
    }
    new CompiledSources(folder, compiler).jar(Sha256.of(new byte[0]), "A.java", "void main() {}");
    try (var files = Files.list(folder)) {
      assertThat(files.count()).isEqualTo(CompiledSources.MOST);
    }
  }
}
