using System.Text;
using System.Text.Json;
using Delivery.Mta.Messages;
using Delivery.Mta.Specimens;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Specimens;

/// <summary>Makes specimens of templates.</summary>
internal static class Making
{
    public static Specimen Make(MessageContent content, string data = "{}", string metadata = "{}", ComposeOptions? options = null) =>
        SpecimenMaker.Make(content, options ?? Options, JsonDocument.Parse(data).RootElement, JsonDocument.Parse(metadata).RootElement);

    public static string Html(string html, string data = "{}") => Encoding.UTF8.GetString(Make(Content(html), data).Html);

    public static string Text(string text, string data = "{}") => Encoding.UTF8.GetString(Make(Content(text: text), data).Html);
}
