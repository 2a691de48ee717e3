using static Delivery.Mta.Tests.Templates.Rendering;

namespace Delivery.Mta.Tests.Templates;

public sealed class HelperTests
{
    private const string Data = """
        {"n":1234567.891,"s":"5","t":"shalom עולם","e":"","z":0,"l":["a","b","c"],"o":{"k":1},"neg":-1234.5,
         "when":"2026-11-22T10:20:30Z","day":"2026-02-03","local":"2026-11-22T10:20:30+02:00","unix":1795342830,"bad":"yesterday"}
        """;

    [Theory]
    [InlineData("eq s 5", "true")]
    [InlineData("eq s \"5\"", "true")]
    [InlineData("eq s \"5.0\"", "false")]
    [InlineData("eq missing null", "true")]
    [InlineData("eq z false", "false")]
    [InlineData("ne t \"x\"", "true")]
    [InlineData("lt 2 10", "true")]
    [InlineData("lt \"2\" \"10\"", "true")]
    [InlineData("lt \"b\" \"a\"", "false")]
    [InlineData("le 2 2", "true")]
    [InlineData("gt n 1000", "true")]
    [InlineData("ge s 6", "false")]
    [InlineData("gt missing 0", "false")]
    [InlineData("and n s t", "true")]
    [InlineData("and n z", "false")]
    [InlineData("or z e missing", "false")]
    [InlineData("or z (not e)", "true")]
    [InlineData("contains l \"b\"", "true")]
    [InlineData("contains l \"x\"", "false")]
    [InlineData("contains t \"עו\"", "true")]
    [InlineData("contains missing \"a\"", "false")]
    public void Conditions_answer(string call, string expected) => Assert.Equal(expected, Text("{{" + call + "}}", Data));

    [Theory]
    [InlineData("default missing \"x\"", "x")]
    [InlineData("default e missing \"y\"", "y")]
    [InlineData("default z \"x\"", "0")]
    [InlineData("upper t", "SHALOM עולם")]
    [InlineData("upper \"straße é\"", "STRAßE É")]
    [InlineData("lower \"ÀB\"", "àb")]
    [InlineData("capitalize \"élan vital\"", "Élan vital")]
    [InlineData("length l", "3")]
    [InlineData("length t", "11")]
    [InlineData("length o", "1")]
    [InlineData("length missing", "0")]
    [InlineData("join l", "a, b, c")]
    [InlineData("join l \" / \"", "a / b / c")]
    [InlineData("url \"a b&c=é/~\"", "a%20b%26c%3D%C3%A9%2F~")]
    public void Text_is_made(string call, string expected) => Assert.Equal(expected, Text("{{" + call + "}}", Data));

    [Theory]
    [InlineData("number n", "1234567.891")]
    [InlineData("number n 2", "1234567.89")]
    [InlineData("number n 2 \",\"", "1,234,567.89")]
    [InlineData("number n 1 \".\" \",\"", "1.234.567,9")]
    [InlineData("number s 2", "5.00")]
    [InlineData("number neg 0 \",\"", "-1,235")]
    [InlineData("number t 2", "shalom עולם")]
    [InlineData("plus 0.1 0.2", "0.3")]
    [InlineData("minus s 7", "-2")]
    [InlineData("times s \"1.5\"", "7.5")]
    [InlineData("plus t 1", "")]
    [InlineData("plus 99999999999999 0.01", "99999999999999.01")]
    public void Numbers_are_made(string call, string expected) => Assert.Equal(expected, Text("{{" + call + "}}", Data));

    [Theory]
    [InlineData("date when \"yyyy-MM-dd HH:mm\"", "2026-11-22 10:20")]
    [InlineData("date when \"dddd, d MMMM yyyy\"", "Sunday, 22 November 2026")]
    [InlineData("date when \"HH:mm zzz\" \"+02:00\"", "12:20 +02:00")]
    [InlineData("date local \"HH:mm\" \"UTC\"", "08:20")]
    [InlineData("date day \"d.M.yyyy\"", "3.2.2026")]
    [InlineData("date unix \"s\"", "2026-11-22T10:20:30")]
    [InlineData("date bad \"yyyy\"", "")]
    [InlineData("date missing \"yyyy\"", "")]
    public void Dates_are_made(string call, string expected) => Assert.Equal(expected, Text("{{" + call + "}}", Data));

    [Fact]
    public void A_field_may_bear_a_helpers_name() =>
        Assert.Equal("u d n", Text("{{url}} {{date}} {{number}}", """{"url":"u","date":"d","number":"n"}"""));

    [Fact]
    public void Helpers_nest() =>
        Assert.Equal("yes", Text("""{{#if (and (gt (plus a 1) 2) (eq (lower (default b "X")) "x"))}}yes{{/if}}""", """{"a":2}"""));
}
