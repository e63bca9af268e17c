package dev.fanfare.argument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.CommandException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentFlagsTest {
  private static final String SCHEMA =
      """
      {"type": "object",
       "properties": {
         "source": {"type": "string", "format": "uri"},
         "maxWidth": {"type": "integer"},
         "ratio": {"type": "number"},
         "fast": {"type": "boolean"},
         "colour": {"enum": ["RED", "GREEN"]},
         "tags": {"type": "array", "items": {"type": "string"}},
         "sizes": {"type": "array", "items": {"type": "integer"}},
         "address": {"$ref": "#/$defs/Address"},
         "extra": {"type": "object", "additionalProperties": {"type": "integer"}},
         "note": {"type": ["string", "null"]},
         "anything": {}
       },
       "required": ["source"],
       "$defs": {"Address": {"type": "object",
         "properties": {"city": {"type": "string"}, "zip": {"type": "integer"}}}}}
      """;

  @Test
  void givesEveryValueTheTypeThatTheSchemaWants() throws Exception {
    assertThat(read("--source", "x", "--maxWidth", "200", "--ratio", "0.1", "--fast"))
        .isEqualTo(
            Json.read("{\"source\": \"x\", \"maxWidth\": 200, \"ratio\": 0.1, \"fast\": true}"));
  }

  @Test
  void keepsEveryDigitOfALargeNumber() {
    assertThat(read("--source", "x", "--max-width", "123456789012345678901234567890").toString())
        .contains("\"maxWidth\":123456789012345678901234567890");
  }

  @Test
  void takesNamesInKebabCaseAndValuesBehindAnEqualsSign() {
    assertThat(read("--source=a=b", "--max-width=7").toString())
        .isEqualTo("{\"source\":\"a=b\",\"maxWidth\":7}");
  }

  @Test
  void takesANumberForTextWhereTextIsWanted() {
    assertThat(read("--source", "12").path("source").isTextual()).isTrue();
  }

  @Test
  void takesBooleansWithAValueWithoutOneAndNegated() {
    assertThat(read("--source", "x", "--fast", "false").path("fast").asBoolean(true)).isFalse();
    assertThat(read("--fast", "--source", "x").path("fast").asBoolean()).isTrue();
    assertThat(read("--source", "x", "--no-fast").path("fast").asBoolean(true)).isFalse();
  }

  @Test
  void makesAListOfARepeatedFlagOrOfJson() {
    assertThat(read("--source", "x", "--tags", "a", "--tags", "b").path("tags").toString())
        .isEqualTo("[\"a\",\"b\"]");
    assertThat(read("--source", "x", "--sizes", "[1, 2]").path("sizes").toString())
        .isEqualTo("[1,2]");
    assertThat(read("--source", "x", "--sizes", "3").path("sizes").toString()).isEqualTo("[3]");
  }

  @Test
  void reachesNestedFieldsByDotsAndMapsByAnyName() {
    assertThat(
            read("--source", "x", "--address.city", "Rome", "--address.zip", "1", "--extra.a", "2")
                .toString())
        .isEqualTo(
            "{\"source\":\"x\",\"address\":{\"city\":\"Rome\",\"zip\":1},\"extra\":{\"a\":2}}");
  }

  @Test
  void takesJsonForWhatIsNested() {
    assertThat(read("--source", "x", "--address", "{\"city\":\"Rome\"}").path("address").toString())
        .isEqualTo("{\"city\":\"Rome\"}");
  }

  @Test
  void takesAChoiceInAnyCase() {
    assertThat(read("--source", "x", "--colour", "green").path("colour").asText())
        .isEqualTo("GREEN");
  }

  @Test
  void takesJsonOrTextWhereAnythingGoes() {
    assertThat(read("--source", "x", "--anything", "[1]").path("anything").isArray()).isTrue();
    assertThat(read("--source", "x", "--anything", "word").path("anything").asText())
        .isEqualTo("word");
  }

  @Test
  void namesTheFlagAndTheTypeOfAWrongValue() {
    assertThatThrownBy(() -> read("--source", "x", "--max-width", "wide"))
        .isInstanceOf(CommandException.class)
        .hasMessage("--max-width takes an integer, not 'wide'");
  }

  @Test
  void suggestsTheNearParameter() {
    assertThatThrownBy(() -> read("--source", "x", "--max-widht", "1"))
        .hasMessage("resize has no parameter 'max-widht', did you mean 'max-width'?");
  }

  @Test
  void listsTheChoicesOfAWrongOne() {
    assertThatThrownBy(() -> read("--source", "x", "--colour", "gren"))
        .hasMessageContaining("one of RED, GREEN")
        .hasMessageContaining("did you mean 'GREEN'?");
  }

  @Test
  void namesWhatIsMissing() {
    assertThatThrownBy(() -> read("--fast")).hasMessage("resize also needs --source <uri>");
  }

  @Test
  void wantsAValueForEveryFlagThatNeedsOne() {
    assertThatThrownBy(() -> read("--source")).hasMessage("--source needs a value (uri)");
  }

  @Test
  void refusesWordsThatAreNoFlags() {
    assertThatThrownBy(() -> read("source", "x")).hasMessageStartingWith("unexpected 'source'");
  }

  @Test
  void refusesFlagsOfAFunctionWithoutNamedParameters() throws Exception {
    JsonNode text = Json.read("{\"type\": \"string\"}");
    assertThatThrownBy(() -> ArgumentFlags.read("shout", text, List.of("--a", "b")))
        .hasMessageContaining("shout takes no named parameters");
  }

  @Test
  void takesALoneTextUnderItsParametersName() throws Exception {
    JsonNode text = Json.read("{\"type\": \"string\", \"title\": \"name\"}");

    assertThat(ArgumentFlags.read("hello", text, List.of("--name", "Ada")).toString())
        .isEqualTo("{\"name\":\"Ada\"}");
    assertThat(ArgumentFlags.synopsis(text)).isEqualTo("--name <string>");
  }

  @Test
  void writesASynopsisWithOptionalOnesInBrackets() throws Exception {
    assertThat(ArgumentFlags.synopsis(Json.read(SCHEMA)))
        .startsWith("--source <uri> [--max-width <integer>] [--ratio <number>] [--fast]")
        .contains("[--colour <RED|GREEN>] [--tags <string...>]");
  }

  private static JsonNode read(String... words) {
    try {
      return Json.read(ArgumentFlags.read("resize", Json.read(SCHEMA), List.of(words)).toString());
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
