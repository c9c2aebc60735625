//! The grammar, by recursive descent; the depth that was asked for bounds the recursion.

use super::value::{BadJson, Bounds, Value};

/// Reads a whole text as one value. White space may stand within it, and not around it.
pub fn read(text: &[u8], bounds: Bounds) -> Result<Value, BadJson> {
    if text.len() > bounds.bytes {
        return Err(BadJson::TooLong);
    }
    let text = std::str::from_utf8(text).map_err(|_| BadJson::NotUtf8)?;
    let mut reader = Reader { rest: text };
    let value = reader.value(bounds.depth)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(BadJson::Misspelled) }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// `depth` is how many more objects and arrays may open.
    fn value(&mut self, depth: usize) -> Result<Value, BadJson> {
        let first = self.rest.bytes().next().ok_or(BadJson::Misspelled)?;
        match first {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string().map(Value::String),
            b'-' | b'0'..=b'9' => self.number(),
            _ => {
                let words = [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))];
                let word = words.into_iter().find(|(spelled, _)| self.eat(spelled));
                word.map(|(_, value)| value).ok_or(BadJson::Misspelled)
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, BadJson> {
        let within = depth.checked_sub(1).ok_or(BadJson::TooDeep)?;
        let mut members = Vec::new();
        self.list('{', '}', |reader| {
            let name = reader.string()?;
            reader.skip_space();
            reader.demand(':')?;
            reader.skip_space();
            members.push((name, reader.value(within)?));
            Ok(())
        })?;
        let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        let is_twice = names.windows(2).any(|pair| matches!(pair, [one, other] if one == other));
        if is_twice { Err(BadJson::NamedTwice) } else { Ok(Value::Object(members)) }
    }

    fn array(&mut self, depth: usize) -> Result<Value, BadJson> {
        let within = depth.checked_sub(1).ok_or(BadJson::TooDeep)?;
        let mut items = Vec::new();
        self.list('[', ']', |reader| {
            items.push(reader.value(within)?);
            Ok(())
        })?;
        Ok(Value::Array(items))
    }

    fn list(
        &mut self,
        opening: char,
        closing: char,
        mut item: impl FnMut(&mut Self) -> Result<(), BadJson>,
    ) -> Result<(), BadJson> {
        self.demand(opening)?;
        self.skip_space();
        if self.eat_char(closing) {
            return Ok(());
        }
        loop {
            item(self)?;
            self.skip_space();
            if self.eat_char(closing) {
                return Ok(());
            }
            self.demand(',')?;
            self.skip_space();
        }
    }

    fn string(&mut self) -> Result<String, BadJson> {
        self.demand('"')?;
        let mut text = String::new();
        loop {
            let end = self.rest.find(|c| matches!(c, '"' | '\\' | '\0'..='\x1f')).ok_or(BadJson::Misspelled)?;
            let (plain, rest) = self.rest.split_at(end);
            text.push_str(plain);
            self.rest = rest;
            if self.eat_char('"') {
                return Ok(text);
            }
            self.demand('\\')?;
            text.push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Result<char, BadJson> {
        let mut letters = self.rest.chars();
        let letter = letters.next().ok_or(BadJson::Misspelled)?;
        self.rest = letters.as_str();
        match letter {
            '"' | '\\' | '/' => Ok(letter),
            'b' => Ok('\x08'),
            'f' => Ok('\x0c'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'u' => self.code_point(),
            _ => Err(BadJson::Misspelled),
        }
    }

    /// Behind `\u`: four digits, or a surrogate pair of twice four.
    fn code_point(&mut self) -> Result<char, BadJson> {
        let first = self.code_unit()?;
        let mut units = vec![first];
        if matches!(first, 0xd800..=0xdbff) && self.eat("\\u") {
            units.push(self.code_unit()?);
        }
        let mut letters = char::decode_utf16(units);
        match (letters.next(), letters.next()) {
            (Some(Ok(letter)), None) => Ok(letter),
            _ => Err(BadJson::Misspelled),
        }
    }

    fn code_unit(&mut self) -> Result<u16, BadJson> {
        let (digits, rest) = self.rest.split_at_checked(4).ok_or(BadJson::Misspelled)?;
        self.rest = rest;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let unit = u16::from_str_radix(digits, 16).ok();
        unit.filter(|_| is_hex).ok_or(BadJson::Misspelled)
    }

    fn number(&mut self) -> Result<Value, BadJson> {
        let start = self.rest;
        let is_negative = self.eat_char('-');
        let whole = self.digits()?;
        if whole.len() > 1 && whole.starts_with('0') {
            return Err(BadJson::Misspelled);
        }
        let has_fraction = self.eat_char('.');
        if has_fraction {
            self.digits()?;
        }
        let has_exponent = self.eat_char('e') || self.eat_char('E');
        if has_exponent {
            let _ = self.eat_char('+') || self.eat_char('-');
            self.digits()?;
        }
        let spelled = start.strip_suffix(self.rest).unwrap_or_default();
        let is_integer = !(has_fraction || has_exponent || (is_negative && whole == "0"));
        let integer = spelled.parse().ok().filter(|_| is_integer);
        Ok(integer.map_or_else(|| Value::Number(spelled.to_owned()), Value::Integer))
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<&'a str, BadJson> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        if digits.is_empty() { Err(BadJson::Misspelled) } else { Ok(digits) }
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn eat(&mut self, text: &str) -> bool {
        self.rest.strip_prefix(text).map(|rest| self.rest = rest).is_some()
    }

    fn eat_char(&mut self, letter: char) -> bool {
        self.rest.strip_prefix(letter).map(|rest| self.rest = rest).is_some()
    }

    fn demand(&mut self, letter: char) -> Result<(), BadJson> {
        if self.eat_char(letter) { Ok(()) } else { Err(BadJson::Misspelled) }
    }
}
