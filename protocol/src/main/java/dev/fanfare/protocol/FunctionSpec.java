package dev.fanfare.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * One function of a revision: where its code is, how arguments bind, how it is to be run.
 *
 * @param className binary name of the class, for example {@code com.example.Images}
 * @param methodName the method's name
 * @param methodDescriptor the method's descriptor (JVMS 4.3.3), which tells overloads apart
 * @param parameters in declared order
 * @param result what kind of body the return value makes
 * @param inputSchema JSON Schema (2020-12) of the request body
 * @param outputSchema JSON Schema of the result; of a function with a channel, of an object whose
 *     fields are what it {@code receives} and {@code sends}
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record FunctionSpec(
    FunctionName name,
    String className,
    String methodName,
    String methodDescriptor,
    List<Parameter> parameters,
    ResultKind result,
    Policy policy,
    JsonNode inputSchema,
    JsonNode outputSchema) {

  public FunctionSpec {
    parameters = List.copyOf(parameters);
  }

  /** Whether it is opened with a channel, not called. */
  public boolean channel() {
    for (Parameter parameter : parameters) {
      if (parameter.kind() == ParameterKind.CHANNEL) {
        return true;
      }
    }
    return false;
  }

  /**
   * One parameter of the method.
   *
   * @param name as in the source, or {@code arg0}… where the class file does not keep names
   * @param kind where its value comes from
   * @param required whether a body without it is refused; {@code Optional} and {@code @Nullable}
   *     ones are not
   */
  public record Parameter(String name, ParameterKind kind, boolean required) {}

  /** Where a parameter's value comes from. */
  public enum ParameterKind {
    /** The whole body, read as JSON. */
    BODY,
    /** The field of the body's JSON object that has the parameter's name. */
    FIELD,
    /** The body's bytes ({@code byte[]}). */
    BYTES,
    /** The body as a stream ({@code InputStream}). */
    STREAM,
    /** The body as UTF-8 text, when it is not JSON; a lone {@code String} parameter. */
    TEXT,
    /** The running {@code Invocation}. */
    INVOCATION,
    /** The function's end of the {@code Channel} that it was opened with. */
    CHANNEL
  }

  /** What kind of body a return value makes. */
  public enum ResultKind {
    /** {@code void}: an empty body. */
    NOTHING,
    /** JSON, {@code application/json}. */
    JSON,
    /** A {@code String}: {@code text/plain; charset=utf-8}. */
    TEXT,
    /** {@code byte[]}: {@code application/octet-stream}. */
    BYTES,
    /** An {@code InputStream}, read to its end: {@code application/octet-stream}. */
    STREAM
  }
}
