using System.Text.Json;
using Delivery.Mta.Jobs;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Tests.Jobs;

public sealed class ContentParserTests
{
    [Fact]
    public void Attachments_and_images_are_read()
    {
        var content = Parse(""", "preheader": "p", "attachments": [{"name": "a.pdf", "type": "application/pdf", "data": "AQID"}], "inline_images": [{"name": "i", "type": "image/png", "data": "\/\/8="}]""", out var errors);
        Assert.Empty(errors);
        Assert.Equal("p", content!.Preheader);
        var attachment = Assert.Single(content.Attachments);
        Assert.Equal(("a.pdf", "application/pdf"), (attachment.Name, attachment.Type));
        Assert.Equal([1, 2, 3], attachment.Data);
        Assert.Equal([0xFF, 0xFF], Assert.Single(content.InlineImages).Data);
    }

    [Theory]
    [InlineData("AQI", "multiple of 4")]
    [InlineData("AQ=", "multiple of 4")]
    [InlineData("A===", "character at 2")]
    [InlineData("AQ-_", "character at 3")]
    [InlineData("AQ==AQID", "character at 3")]
    [InlineData("AQI\\r\\nD", "character at 4")]
    [InlineData(" AQID", "character at 1")]
    [InlineData("AR==", "character at 2")]
    [InlineData("data:image/png;base64,AQID", "character at 5")]
    [InlineData("\u05d0AQI", "character at 1")]
    public void What_is_no_base64_is_said_of_its_attachment(string data, string message)
    {
        Parse($$""", "attachments": [{"name": "a", "type": "a/b", "data": "AQID"}, {"name": "b", "type": "a/b", "data": "{{data}}"}]""", out var errors);
        var error = Assert.Single(errors);
        Assert.Equal("content.attachments[1].data", error.Field);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "content.attachments")]
    [InlineData("[1]", "content.attachments[0]")]
    [InlineData("""[{"type": "a/b", "data": ""}]""", "content.attachments[0].name")]
    [InlineData("""[{"name": "a", "data": ""}]""", "content.attachments[0].type")]
    [InlineData("""[{"name": "a", "type": "a/b"}]""", "content.attachments[0].data")]
    [InlineData("""[{"name": "a", "type": "a/b", "data": 5}]""", "content.attachments[0].data")]
    [InlineData("""[{"name": "a", "type": "a/b", "data": "", "size": 5}]""", "content.attachments[0].size")]
    public void A_fault_names_its_field(string attachments, string field)
    {
        Assert.Null(Parse($$""", "attachments": {{attachments}}""", out var errors));
        Assert.Equal(field, Assert.Single(errors).Field);
    }

    [Fact]
    public void Nothing_is_decoded_beyond_the_bound()
    {
        var half = Convert.ToBase64String(new byte[AttachmentCompiler.MaxTotalBytes / 2]);
        var over = Convert.ToBase64String(new byte[AttachmentCompiler.MaxTotalBytes / 2 + 3]);
        Assert.NotNull(Parse($$""", "attachments": [{"name": "a", "type": "a/b", "data": "{{half}}"}, {"name": "b", "type": "a/b", "data": "{{half}}"}]""", out _));
        Parse($$""", "attachments": [{"name": "a", "type": "a/b", "data": "{{half}}"}], "inline_images": [{"name": "b", "type": "image/png", "data": "{{over}}"}]""", out var errors);
        Assert.Equal("content.inline_images[0].data", Assert.Single(errors).Field);
        Parse(", \"attachments\": [" + string.Join(',', Enumerable.Repeat("{}", 51)) + "]", out errors);
        Assert.Equal("content.attachments", Assert.Single(errors).Field);
    }

    [Fact]
    public void Utm_parameters_are_read()
    {
        var errors = new List<FieldError>();
        var options = OptionsParser.Parse(JsonElement.Parse("""{"utm": {"source": "s", "medium": "m", "campaign": "c", "term": "t", "content": "x"}}"""), errors);
        Assert.Empty(errors);
        Assert.Equal(new UtmParameters { Source = "s", Medium = "m", Campaign = "c", Term = "t", Content = "x" }, options.Utm);
        OptionsParser.Parse(JsonElement.Parse("""{"utm": {"sauce": "s", "medium": 5}}"""), errors);
        Assert.Equal(["options.utm.medium", "options.utm.sauce"], errors.Select(error => error.Field));
    }

    private static MessageContent? Parse(string more, out List<FieldError> errors)
    {
        errors = [];
        return ContentParser.Parse(JsonElement.Parse("{\"from\": \"a@b.example\", \"subject\": \"s\", \"html\": \"<p>\"" + more + "}"), null, errors);
    }
}
