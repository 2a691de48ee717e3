using System.Text;
using System.Text.Json;
using Delivery.Mta.Messages;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Specimens;

/// <summary>
/// What expressions say of a job's own data, and a placeholder where that says nothing: nothing of any recipient is within reach. Blocks that
/// change the context are entered with their first item, or with nothing. One owner, one specimen.
/// </summary>
internal sealed class SpecimenValues
{
    private const int LongestPath = 60;
    private readonly RenderState _state;
    private readonly FieldTrace _trace = new();

    public SpecimenValues(JsonElement jobData, JsonElement jobMetadata, ReadOnlySpan<byte> unsubscribeUrl)
    {
        var scope = new TemplateScope { JobData = jobData, JobMetadata = jobMetadata };
        scope.UnsubscribeUrl.Write(unsubscribeUrl);
        scope.UnsubscribeUrl.Write(RenderTrace.NoToken);
        _state = new RenderState(new ByteBuffer(256), scope);
        _state.Begin();
    }

    /// <summary>The value of a tag's expression.</summary>
    /// <param name="expression">As within the tag's braces; it has compiled before.</param>
    /// <param name="placeholder">Whether what is missing is shown as <c>‹path›</c>, else as nothing.</param>
    public string Of(string expression, bool placeholder)
    {
        if (!_state.Step() || _state.IsExhausted || ExpressionParser.Parse(expression, out _, out _) is not { } parsed)
            return placeholder ? Placeholder(expression) : "";
        parsed.Evaluate(_state, out var value);
        if (value.Kind == ValueKind.Array)
            value = TextFunctions.Join(_state, [value, TemplateValue.OfString(","u8.ToArray())]);
        var text = _state.Utf8(value);
        if (!text.IsEmpty)
            return Encoding.UTF8.GetString(text);
        // An empty text in the job's data is meant to be empty; a built-in, whose bytes are no JSON, waits for its recipient.
        if (!placeholder || value.Kind is ValueKind.Object || (value.Kind == ValueKind.String && parsed is PathExpression && value.Bytes is null))
            return "";
        _trace.Clear();
        parsed.TraceMissing(_state, _trace);
        return Placeholder(_trace.Missing is [var missing, ..] ? missing.Path : expression);
    }

    /// <summary>Enters a block's body: with the first item of a list or an object, or with the value itself.</summary>
    public void Enter(string subject, bool isLoop)
    {
        var value = TemplateValue.Missing;
        if (_state.Step() && !_state.IsExhausted && ExpressionParser.Parse(subject, out _, out _) is { } parsed)
            parsed.Evaluate(_state, out value);
        if (isLoop)
            value = EnterLoop(value);
        _state.PushContext(value);
    }

    public void Leave(bool isLoop)
    {
        _state.PopContext();
        if (isLoop)
            _state.PopLoop();
    }

    private TemplateValue EnterLoop(in TemplateValue value)
    {
        _state.PushLoop();
        ref var loop = ref _state.Loop;
        switch (value.Kind)
        {
            case ValueKind.Array when value.Json.GetArrayLength() > 0:
                loop.Last = value.Json.GetArrayLength() == 1;
                return TemplateValue.OfJson(value.Json[0]);
            case ValueKind.Object:
                foreach (var property in value.Json.EnumerateObject())
                {
                    loop.Key = TemplateValue.OfString(Encoding.UTF8.GetBytes(property.Name));
                    return TemplateValue.OfJson(property.Value);
                }

                return TemplateValue.Missing;
            default:
                return TemplateValue.Missing;
        }
    }

    private static string Placeholder(string path)
    {
        var shown = path.Length <= LongestPath ? path : path[..(char.IsHighSurrogate(path[LongestPath - 1]) ? LongestPath - 1 : LongestPath)] + "…";
        return $"‹{shown}›";
    }
}
