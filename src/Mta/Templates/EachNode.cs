using System.Text.Json;

namespace Delivery.Mta.Templates;

/// <summary>One turn for each element of a list or property of an object; the else part when there are none.</summary>
internal sealed class EachNode(Expression expression, TemplateNode[] body, TemplateNode[] otherwise) : TemplateNode
{
    public override bool Render(RenderState state)
    {
        expression.Evaluate(state, out var value);
        if (otherwise.Length == 0)
            state.Trace?.Block(expression, state, Offset);
        var turns = 0;
        state.PushLoop();
        var done = value.Kind switch
        {
            ValueKind.Array => RunList(state, value.Json, ref turns),
            ValueKind.Object => RunObject(state, value.Json, default, value.Json.GetPropertyCount(), ref turns),
            ValueKind.Metadata => RunMetadata(state, ref turns),
            _ => true,
        };
        state.PopLoop();
        return done && (turns > 0 || RenderAll(otherwise, state));
    }

    private bool RunList(RenderState state, JsonElement list, ref int turns)
    {
        var count = list.GetArrayLength();
        foreach (var element in list.EnumerateArray())
        {
            if (!Turn(state, element, default, count, ref turns))
                return false;
        }
        return true;
    }

    private bool RunObject(RenderState state, JsonElement from, JsonElement hiding, int count, ref int turns)
    {
        foreach (var property in from.EnumerateObject())
        {
            if (hiding.ValueKind == JsonValueKind.Object && Hides(state, hiding, property))
                continue;
            if (!Turn(state, property.Value, Name(state, property), count, ref turns))
                return false;
        }
        return true;
    }

    private bool RunMetadata(RenderState state, ref int turns)
    {
        var own = state.Scope.RecipientMetadata;
        var shared = state.Scope.JobMetadata;
        var count = 0;
        if (own.ValueKind == JsonValueKind.Object)
            count = own.GetPropertyCount();
        if (shared.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in shared.EnumerateObject())
                count += Hides(state, own, property) ? 0 : 1;
        }
        return (own.ValueKind != JsonValueKind.Object || RunObject(state, own, default, count, ref turns))
            && (shared.ValueKind != JsonValueKind.Object || RunObject(state, shared, own, count, ref turns));
    }

    private static bool Hides(RenderState state, JsonElement own, JsonProperty property)
    {
        if (own.ValueKind != JsonValueKind.Object)
            return false;
        state.Charge(own.GetPropertyCount() << 1);
        return own.TryGetProperty(JsonText.ReadName(property, state.Arena), out _);
    }

    private static TemplateValue Name(RenderState state, JsonProperty property)
    {
        var name = JsonText.ReadName(property, state.Arena);
        name.CopyTo(state.Arena.Rent(name.Length));
        return state.Arena.Commit(name.Length);
    }

    private bool Turn(RenderState state, JsonElement element, in TemplateValue key, int count, ref int turns)
    {
        if (!state.Step())
            return false;
        ref var loop = ref state.Loop;
        loop.Index = turns++;
        loop.Last = turns == count;
        loop.Key = key;
        state.PushContext(TemplateValue.OfJson(element));
        var done = RenderAll(body, state);
        state.PopContext();
        return done;
    }
}
