using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Mails;

/// <summary>A row of table <c>mails</c>.</summary>
internal sealed record MailPiece(
    [property: JsonPropertyName("piece")] int Piece,
    [property: JsonPropertyName("pieces")] int Pieces,
    [property: JsonPropertyName("truncated")] bool Truncated,
    [property: JsonPropertyName("language")] string Language,
    [property: JsonPropertyName("direction")] string Direction,
    [property: JsonPropertyName("html")] string Html);
