using System.Globalization;
using System.Text;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// Puts the statement together as ClickHouse does: the URL's query, a line end, the body. An INSERT that is complete in
/// the URL leaves the body unread, so that it can be streamed; otherwise the body is read up to the limit of a text.
/// </summary>
internal sealed class StatementReader(EngineHost engine, EngineOptions options)
{
    /// <exception cref="EngineException">The text is too long.</exception>
    public async Task<Statement> ReadAsync(HttpRequest request, QueryRequest query, CancellationToken cancellation)
    {
        var url = Encoding.UTF8.GetBytes(query.UrlQuery);
        var body = HttpMethods.IsGet(request.Method) || QueryForm.IsOne(request) ? null : QueryBody.Open(request);
        if (url.Length > options.MaxQueryBytes) throw TooLong();
        var text = StatementText.Parse(url, engine.OutputFormats);
        if (text.TakesRows && !BindsValues(text, query)) return Split(text, url, body);

        var prefix = new byte[options.MaxQueryBytes - url.Length];
        var read = body is null ? 0 : await QueryBody.FillAsync(body, prefix, cancellation);
        var whole = new byte[url.Length + (url.Length > 0 ? 1 : 0) + read];
        url.CopyTo(whole, 0);
        if (url.Length > 0) whole[url.Length] = (byte)'\n';
        prefix.AsSpan(0, read).CopyTo(whole.AsSpan(whole.Length - read));
        var more = read == prefix.Length ? body : null;
        text = StatementText.Parse(whole, engine.OutputFormats);
        if (text.TakesRows && !BindsValues(text, query)) return Split(text, whole, more);
        if (more is not null && await more.ReadAsync(new byte[1], cancellation) > 0) throw TooLong();
        return new Statement(text.WithRowsInText(), Encoding.UTF8.GetString(whole), default, null);
    }

    /// <summary>
    /// VALUES with <c>{name:Type}</c> places goes to the engine as text: an insert stream forgets the parameters before
    /// it reads the rows.
    /// </summary>
    private static bool BindsValues(StatementText text, QueryRequest query) => text.Format == "Values" && query.Parameters.Names.Count > 0;

    private static Statement Split(StatementText text, byte[] bytes, Stream? body) =>
        new(text, Encoding.UTF8.GetString(bytes, 0, text.HeadLength), bytes.AsMemory(text.RowsStart), body);

    private EngineException TooLong() => EngineException.Of(229, "QUERY_IS_TOO_LARGE", string.Create(
        CultureInfo.InvariantCulture, $"The text of the statement is longer than EmbeddedClickHouse:MaxQueryBytes = {options.MaxQueryBytes}"));
}
