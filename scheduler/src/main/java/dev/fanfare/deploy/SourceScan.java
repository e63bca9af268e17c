package dev.fanfare.deploy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.FunctionSpec.Parameter;
import dev.fanfare.protocol.FunctionSpec.ParameterKind;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionKind;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes a revision of one Java source file: a function that runs its {@code main} with the texts of
 * a JSON array, and with a channel if one takes one. The worker compiles it; here it is only looked
 * at from outside.
 */
public final class SourceScan {
  /** What the function of a source is called that nobody gave a name. */
  public static final FunctionName UNNAMED = new FunctionName(FunctionName.RESERVED + "source");

  /** The most bytes of a source file. */
  public static final long MOST_BYTES = 1 << 20;

  private static final Parameter ARGUMENTS = new Parameter("arguments", ParameterKind.BODY, false);
  private static final Parameter CHANNEL = new Parameter("channel", ParameterKind.CHANNEL, true);
  private static final Pattern FILE = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]{0,99}\\.java");

  private SourceScan() {}

  /**
   * The revision of a source.
   *
   * @param source the file as it was kept
   * @param artifact its hash
   * @param file its name, for example {@code Script.java}, which compilers tell in errors
   * @param name the function's name
   * @throws Undeployable if it cannot be one
   */
  public static RevisionManifest scan(
      Path source, Sha256 artifact, String file, FunctionName name) {
    var problems = new Problems();
    if (!FILE.matcher(file).matches()) {
      problems.add(
          ProblemCode.BAD_NAME,
          "",
          "'" + file + "' is no name of a source file: write one like Script.java");
    }
    String text = text(source, problems);
    problems.refuseIfAny();
    boolean channel = SourceOutline.hasChannel(text);
    var function =
        new FunctionSpec(
            name,
            file,
            "main",
            channel ? "(Ldev/fanfare/function/Channel;)V" : "([Ljava/lang/String;)V",
            channel ? List.of(ARGUMENTS, CHANNEL) : List.of(),
            ResultKind.NOTHING,
            policy(),
            arguments(),
            JsonNodeFactory.instance.objectNode());
    return new RevisionManifest(
        artifact,
        size(source),
        Runtime.version().feature(),
        List.of(function),
        RevisionKind.SOURCE);
  }

  private static String text(Path source, Problems problems) {
    try {
      long size = Files.size(source);
      if (size <= MOST_BYTES) {
        return Files.readString(source);
      }
      problems.add(
          ProblemCode.TOO_LARGE,
          "",
          "the source has " + size + " bytes; at most " + MOST_BYTES + " are taken");
    } catch (CharacterCodingException e) {
      problems.add(ProblemCode.NOT_TEXT, "", "the source is not UTF-8");
    } catch (IOException e) {
      throw unreadable(source, e);
    }
    return "";
  }

  private static long size(Path source) {
    try {
      return Files.size(source);
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private static UncheckedIOException unreadable(Path source, IOException why) {
    return new UncheckedIOException("the source " + source + " cannot be read", why);
  }

  /** It runs for as long as it likes and, as it may have done anything, once. */
  private static Policy policy() {
    return new Policy(
        Policy.LONGEST_TIMEOUT,
        Optional.of(0),
        Optional.empty(),
        1,
        Policy.DEFAULT_MEMORY_BYTES,
        Requirements.NONE);
  }

  private static ObjectNode arguments() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array");
    schema.putObject("items").put("type", "string");
    return schema;
  }
}
