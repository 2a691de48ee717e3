using System.Globalization;

namespace Delivery.Mta.Templates;

/// <summary><c>(date value "format" "zone")</c>; format and zone are checked when the template is compiled.</summary>
internal sealed class DateExpression(Expression when, string format, TimeZoneInfo zone) : Expression
{
    public override void TraceMissing(RenderState state, FieldTrace trace) => when.TraceMissing(state, trace);

    public override void Evaluate(RenderState state, out TemplateValue value)
    {
        when.Evaluate(state, out var input);
        value = TemplateValue.Missing;
        if (!TryRead(state, input, out var moment))
            return;
        state.Charge(256);
        var local = TimeZoneInfo.ConvertTime(moment, zone);
        var room = state.Arena.Rent(format.Length * 16 + 64);
        if (local.TryFormat(room, out var length, format, CultureInfo.InvariantCulture))
            value = state.Arena.Commit(length);
    }

    private static bool TryRead(RenderState state, in TemplateValue input, out DateTimeOffset moment)
    {
        moment = default;
        if (input.Kind == ValueKind.String)
            return IsoDate.TryParse(state.Utf8(input), out moment);
        if (input.Kind != ValueKind.Number || !ValueNumbers.TryRead(state, input, out var seconds)
            || seconds is not (>= 0 and < 253_402_214_400))
            return false;
        moment = DateTimeOffset.FromUnixTimeSeconds((long)seconds);
        return true;
    }
}
