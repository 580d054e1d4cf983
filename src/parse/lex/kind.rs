//! The kinds of tokens, as coarse as counting nesting and telling a regular expression from a division need them.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Start or end of the text.
    Edge,
    /// An identifier, a property name, or a keyword that is a value (`this`, `null`).
    Word,
    /// `async`, where TypeScript makes a difference of it
    Async,
    /// A word that TypeScript puts between or before types (`as`, `keyof`), or an identifier.
    Contextual,
    /// The name of an element or an attribute.
    Attribute,
    /// A number.
    Number,
    /// A string literal.
    Str,
    /// A regular expression.
    Regex,
    /// A template without substitutions.
    Template,
    /// From the backtick to the first `${`.
    TemplateHead,
    /// From `}` to the next `${`.
    TemplateMiddle,
    /// From `}` to the last backtick.
    TemplateTail,
    /// `if`
    If,
    /// `for`
    For,
    /// `while`
    While,
    /// `with`
    With,
    /// `do`
    Do,
    /// `else`
    Else,
    /// `catch`, `finally`
    Handler,
    /// `function`
    Function,
    /// `class`
    Class,
    /// `new`
    New,
    /// `typeof`, `void`, `delete`
    Prefix,
    /// `await`, `yield`
    Await,
    /// `in`, `instanceof`, `extends`, the `of` of a loop
    Infix,
    /// `case`, `default`
    Case,
    /// `return`, `throw`
    Jump,
    /// Any other keyword that begins a statement.
    Statement,
    /// `(`
    ParenOpen,
    /// `)`
    ParenClose,
    /// `)` of `if`, `for`, `while`, `with`: a statement follows.
    HeadClose,
    /// `[`
    BracketOpen,
    /// `]`
    BracketClose,
    /// `{`
    BraceOpen,
    /// `}` after which a statement or member begins.
    BlockClose,
    /// `}` that ends an operand: an object, a function or class expression.
    ObjectClose,
    /// `;`
    Semi,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `?.`
    Chain,
    /// `?`
    Question,
    /// `:` after a label, or what looks like one
    Label,
    /// Any other `:`
    Colon,
    /// `=>`
    Arrow,
    /// `=` and its compounds
    Assign,
    /// `!`, `~`
    Unary,
    /// `+`, `-`
    Sign,
    /// `++`, `--`
    Step,
    /// TypeScript's `!` after an operand
    Postfix,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `**`
    Power,
    /// Any other operator between operands
    Binary,
    /// `...`
    Spread,
    /// `@`
    At,
    /// `<` that begins an element
    ElementOpen,
    /// `>` that ends an opening tag
    TagEnd,
    /// `/>`, `</name>`, `</>`
    ElementClose,
    /// Text between tags
    ElementText,
    /// A byte that no token begins with
    Stray,
}

impl Kind {
    /// Whether an operand is complete after the token, so that `/` divides and `<` compares.
    pub(crate) fn ends_operand(self) -> bool {
        matches!(
            self,
            Self::Word
                | Self::Async
                | Self::Contextual
                | Self::Attribute
                | Self::Number
                | Self::Str
                | Self::Regex
                | Self::Template
                | Self::TemplateTail
                | Self::ParenClose
                | Self::BracketClose
                | Self::ObjectClose
                | Self::Step
                | Self::Postfix
                | Self::ElementClose
        )
    }
}

/// The kind of a word that is not a property name.
pub(crate) fn word_kind(word: &[u8], typescript: bool) -> Kind {
    // Most words are no keywords, and their first byte or length says so.
    let plain =
        !(2..=10).contains(&word.len()) || !matches!(word[0], b'a'..=b'f' | b'i' | b'k' | b'l' | b'n' | b'r'..=b'y');
    if plain {
        return Kind::Word;
    }
    match word {
        b"if" => Kind::If,
        b"for" => Kind::For,
        b"while" => Kind::While,
        b"with" => Kind::With,
        b"do" => Kind::Do,
        b"else" => Kind::Else,
        b"catch" | b"finally" => Kind::Handler,
        b"function" => Kind::Function,
        b"class" => Kind::Class,
        b"new" => Kind::New,
        b"typeof" | b"void" | b"delete" => Kind::Prefix,
        b"await" | b"yield" => Kind::Await,
        b"in" | b"instanceof" | b"extends" => Kind::Infix,
        b"case" | b"default" => Kind::Case,
        b"return" | b"throw" => Kind::Jump,
        b"var" | b"let" | b"const" | b"import" | b"export" | b"break" | b"continue" | b"debugger" | b"try"
        | b"switch" => Kind::Statement,
        b"as" | b"satisfies" | b"is" | b"keyof" | b"infer" | b"unique" | b"readonly" | b"asserts" | b"implements"
        | b"abstract"
            if typescript =>
        {
            Kind::Contextual
        }
        b"async" if typescript => Kind::Async,
        _ => Kind::Word,
    }
}
