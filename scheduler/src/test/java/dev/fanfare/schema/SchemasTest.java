package dev.fanfare.schema;

import static dev.fanfare.deploy.TestJar.functions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.deploy.JarScan;
import dev.fanfare.deploy.TestJar;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemasTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "boolean        | {'type':'boolean'}",
        "Byte           | {'type':'integer','minimum':-128,'maximum':127}",
        "short          | {'type':'integer','minimum':-32768,'maximum':32767}",
        "int            |"
            + " {'type':'integer','format':'int32','minimum':-2147483648,'maximum':2147483647}",
        "Long           |"
            + " {'type':'integer','format':'int64','minimum':-9223372036854775808,'maximum':9223372036854775807}",
        "double         | {'type':'number','format':'double'}",
        "char           | {'type':'string','minLength':1,'maxLength':1}",
        "BigDecimal     | {'type':'number'}",
        "BigInteger     | {'type':'integer'}",
        "UUID           | {'type':'string','format':'uuid'}",
        "URI            | {'type':'string','format':'uri-reference'}",
        "Instant        | {'type':'string','format':'date-time'}",
        "OffsetDateTime | {'type':'string','format':'date-time'}",
        "LocalDateTime  | {'type':'string','format':'date-time-local'}",
        "LocalDate      | {'type':'string','format':'date'}",
        "LocalTime      | {'type':'string','format':'time-local'}",
        "OffsetTime     | {'type':'string','format':'time'}",
        "Duration       | {'type':'string','format':'duration'}",
        "int[]          |"
            + " {'type':'array','items':{'type':'integer','format':'int32','minimum':-2147483648,'maximum':2147483647}}",
        "String[][]     | {'type':'array','items':{'type':'array','items':{'type':'string'}}}",
        "List<byte[]>   | {'type':'array','items':{'type':'string','contentEncoding':'base64'}}",
        "Set<String>    | {'type':'array','items':{'type':'string'},'uniqueItems':true}",
        "List<? extends Number> | {'type':'array','items':{'type':'number'}}",
        "Collection<?>  | {'type':'array','items':{}}",
        "Map<String, Boolean> | {'type':'object','additionalProperties':{'type':'boolean'}}",
        "Map<UUID, Object> | {'type':'object'}",
        "Map<Color, List<String>> |"
            + " {'type':'object','additionalProperties':{'type':'array','items':{'type':'string'}}}",
        "JsonNode       | {}",
        "Color          | {'type':'string','enum':['RED','dark-blue']}",
        "Id             | {'type':'string'}",
        "Optional<String> | {'type':['string','null']}",
        "Optional<Color> |"
            + " {'anyOf':[{'type':'string','enum':['RED','dark-blue']},{'type':'null'}]}",
        "OptionalDouble | {'type':['number','null'],'format':'double'}"
      })
  void typesOfJavasOwnAndSmallOnes(String type, String schema) throws IOException {
    String members =
        """
        public enum Color { RED, @JsonProperty("dark-blue") BLUE { @Override public String toString() { return "b"; } } }
        public record Id(@JsonValue String text) {}
        public record Holder(int n) {}
        """;
    FunctionSpec spec = scan(members + "@Fn public void f(Holder first, " + type + " second) {}");
    assertThat(spec.inputSchema().at("/properties/second")).isEqualTo(json(schema));
  }

  @Test
  void aRecordOfEverything() throws IOException {
    FunctionSpec spec =
        scan(
            """
            public enum Level { LOW, HIGH }
            public record Point(int x, int y) {}
            public record Everything(String name, @Nullable String nick, Optional<Integer> age, Level level,
                List<Point> path, Point start, @JsonProperty("e-mail") String email, @JsonIgnore String hidden,
                byte[] picture, Instant born, JsonNode extra) {}
            @Fn public Everything f(Everything everything) { return everything; }
            """);
    assertThat(spec.inputSchema())
        .isEqualTo(
            json(
                """
                {'type':'object',
                 'properties':{
                   'name':{'type':'string'},
                   'nick':{'type':['string','null']},
                   'age':{'type':['integer','null'],'format':'int32','minimum':-2147483648,'maximum':2147483647},
                   'level':{'type':'string','enum':['LOW','HIGH']},
                   'path':{'type':'array','items':{'$ref':'#/$defs/Point'}},
                   'start':{'$ref':'#/$defs/Point'},
                   'e-mail':{'type':'string'},
                   'picture':{'type':'string','contentEncoding':'base64'},
                   'born':{'type':'string','format':'date-time'},
                   'extra':{}},
                 'required':['name','level','path','start','e-mail','picture','born'],
                 '$defs':{
                   'Point':{'type':'object',
                     'properties':{
                       'x':{'type':'integer','format':'int32','minimum':-2147483648,'maximum':2147483647},
                       'y':{'type':'integer','format':'int32','minimum':-2147483648,'maximum':2147483647}},
                     'required':['x','y']}}}
                """));
    assertThat(spec.outputSchema()).isEqualTo(spec.inputSchema());
  }

  @Test
  void sealedTypesAreAlternativesWithATypeField() throws IOException {
    FunctionSpec spec =
        scan(
            """
            public sealed interface Shape {}
            public record Circle(double r) implements Shape {}
            public sealed interface Polygon extends Shape {}
            public record RightTriangle(boolean flat) implements Polygon {}
            @JsonTypeName("quad") public record Square(boolean flat) implements Polygon {}
            @Fn public void f(List<Shape> shapes) {}
            """);
    assertThat(spec.inputSchema())
        .isEqualTo(
            json(
                """
                {'type':'array','items':{'$ref':'#/$defs/Shape'},
                 '$defs':{'Shape':{'oneOf':[
                   {'type':'object','properties':{'type':{'const':'circle'},'r':{'type':'number','format':'double'}},
                    'required':['type','r']},
                   {'type':'object','properties':{'type':{'const':'right-triangle'},'flat':{'type':'boolean'}},
                    'required':['type','flat']},
                   {'type':'object','properties':{'type':{'const':'quad'},'flat':{'type':'boolean'}},
                    'required':['type','flat']}]}}}
                """));
  }

  @Test
  void jacksonsAnnotationsSayHowClassesAreToldApart() throws IOException {
    FunctionSpec spec =
        scan(
            """
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
            @JsonSubTypes({@JsonSubTypes.Type(value = Cat.class, name = "cat"), @JsonSubTypes.Type(Dog.class)})
            public interface Animal {}
            public record Cat(boolean asleep) implements Animal {}
            public record Dog(boolean loud) implements Animal {}
            @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) public interface Any {}
            @Fn public void f(Animal animal, Any any) {}
            """);
    assertThat(spec.inputSchema().at("/$defs"))
        .isEqualTo(
            json(
                """
                {'Animal':{'oneOf':[
                   {'type':'object','properties':{'kind':{'const':'cat'},'asleep':{'type':'boolean'}},
                    'required':['kind','asleep']},
                   {'type':'object','properties':{'kind':{'const':'dog'},'loud':{'type':'boolean'}},
                    'required':['kind','loud']}]},
                 'Any':{'type':'object'}}
                """));
  }

  @Test
  void typesThatHoldThemselvesRefer() throws IOException {
    FunctionSpec spec =
        scan(
            """
            public record Tree(String label, List<Tree> children, Optional<Leaf> leaf) {}
            public record Leaf(@Nullable Tree owner) {}
            @Fn public void f(Tree tree) {}
            """);
    assertThat(spec.inputSchema())
        .isEqualTo(
            json(
                """
                {'$ref':'#/$defs/Tree','$defs':{
                  'Leaf':{'type':'object','properties':{
                    'owner':{'anyOf':[{'$ref':'#/$defs/Tree'},{'type':'null'}]}}},
                  'Tree':{'type':'object','properties':{
                    'label':{'type':'string'},
                    'children':{'type':'array','items':{'$ref':'#/$defs/Tree'}},
                    'leaf':{'anyOf':[{'$ref':'#/$defs/Leaf'},{'type':'null'}]}},
                   'required':['label','children']}}}
                """));
  }

  @Test
  void genericTypesAreWrittenForEachUse() throws IOException {
    FunctionSpec spec =
        scan(
            """
            public record Page<T>(List<T> items, Optional<T> next) {}
            public sealed interface Result<V> {}
            public record Ok<W>(W value) implements Result<W> {}
            public record No(String why) implements Result<Integer> {}
            @Fn public void f(Page<UUID> ids, Page<Boolean> flags, Result<Boolean> result, Page raw) {}
            """);
    JsonNode defs = spec.inputSchema().at("/$defs");
    assertThat(defs.properties().stream().map(entry -> entry.getKey()))
        .containsExactly("Page_UUID", "Page_Boolean", "Result_Boolean", "Page");
    assertThat(defs.at("/Page_UUID/properties/items/items/format").asText()).isEqualTo("uuid");
    assertThat(defs.at("/Page_Boolean/properties/next"))
        .isEqualTo(json("{'type':['boolean','null']}"));
    assertThat(defs.at("/Result_Boolean/oneOf/0/properties/value"))
        .isEqualTo(json("{'type':'boolean'}"));
    assertThat(defs.at("/Page/properties/items")).isEqualTo(json("{'type':'array','items':{}}"));
  }

  @Test
  void plainClassesHaveTheirGettersSettersAndFields() throws IOException {
    FunctionSpec spec =
        scan(
            """
            public static class Base<T> { public T id; public static int count; public transient int scratch; }
            public static class Bean extends Base<UUID> {
              private String name; @JsonIgnore private String secret; @JsonProperty("n") private int number;
              public String getName() { return name; } public boolean isReady() { return true; }
              public URI getURL() { return null; } public String getSecret() { return secret; }
              public void setWidth(int width) {} String getInternal() { return ""; } public int get() { return 1; }
              @JsonIgnore public int getIgnored() { return 1; } public static int getStatic() { return 1; }
            }
            @Fn public void f(Bean bean) {}
            """);
    assertThat(spec.inputSchema())
        .isEqualTo(
            json(
                """
                {'type':'object','properties':{
                  'id':{'type':'string','format':'uuid'},
                  'n':{'type':'integer','format':'int32','minimum':-2147483648,'maximum':2147483647},
                  'name':{'type':'string'},
                  'ready':{'type':'boolean'},
                  'url':{'type':'string','format':'uri-reference'},
                  'width':{'type':'integer','format':'int32','minimum':-2147483648,'maximum':2147483647}}}
                """));
  }

  @Test
  void severalParametersAreTheFieldsOfOneObject() throws IOException {
    FunctionSpec spec =
        scan(
            "@Fn public void f(String name, @Nullable Boolean loud, Optional<URI> at, Invocation i)"
                + " {}");
    assertThat(spec.inputSchema())
        .isEqualTo(
            json(
                """
                {'type':'object','properties':{
                  'name':{'type':'string'},
                  'loud':{'type':['boolean','null']},
                  'at':{'type':['string','null'],'format':'uri-reference'}},
                 'required':['name']}
                """));
  }

  @Test
  void bodiesThatAreNoJsonSaySo() throws IOException {
    assertThat(scan("@Fn public byte[] f(InputStream in) { return null; }").inputSchema())
        .isEqualTo(json("{'type':'string','contentMediaType':'application/octet-stream'}"));
    FunctionSpec nothing = scan("@Fn public void f() {}");
    assertThat(nothing.inputSchema()).isEqualTo(json("{'type':'object','properties':{}}"));
    assertThat(nothing.outputSchema()).isEqualTo(json("{'type':'null'}"));
  }

  @Test
  void manyTypesThatShareOthersStaySmall() throws IOException {
    var members = new StringBuilder("public record T0(int n) {}\n");
    for (int i = 1; i <= 60; i++) {
      members.append("public record T%d(T%d a, T%d b) {}\n".formatted(i, i - 1, i - 1));
    }
    FunctionSpec spec = scan(members + "@Fn public void f(T60 t) {}");
    assertThat(spec.inputSchema().at("/$defs")).hasSize(60);
  }

  @Test
  void typesOfOneSimpleNameAreKeptApart() throws IOException {
    FunctionSpec spec =
        scan(
            """
            public static class A { public record Size(int a) {} }
            public static class B { public record Size(int b) {} }
            @Fn public void f(A.Size a, B.Size b) {}
            """);
    assertThat(spec.inputSchema().at("/properties/b/$ref").asText()).isEqualTo("#/$defs/Size2");
    assertThat(spec.inputSchema().at("/$defs/Size2/properties/b").isMissingNode()).isFalse();
  }

  private FunctionSpec scan(String members) {
    Path jar = TestJar.in(folder).source(functions(members)).write();
    return JarScan.scan(jar, Sha256.of(new byte[0])).functions().getFirst();
  }

  private static JsonNode json(String text) throws IOException {
    return JSON.readTree(text.replace('\'', '"'));
  }
}
