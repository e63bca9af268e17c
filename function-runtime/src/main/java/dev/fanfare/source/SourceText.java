package dev.fanfare.source;

import java.net.URI;
import javax.tools.SimpleJavaFileObject;

/** Source in memory under a file's name. */
final class SourceText extends SimpleJavaFileObject {
  private final String text;

  SourceText(String file, String text) {
    super(URI.create("memory:///" + file), Kind.SOURCE);
    this.text = text;
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return text;
  }
}
